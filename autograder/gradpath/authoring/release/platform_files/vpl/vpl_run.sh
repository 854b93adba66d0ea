#!/bin/bash
# The public checks. The submission must not see the hidden ones, which are on this machine: hence level B.
cat > vpl_execution <<'END_OF_SCRIPT'
#!/bin/bash
/opt/gradpath/bin/gradpath grade-one . --as vpl --assignment $slug --public --require-isolation B
END_OF_SCRIPT
chmod 700 vpl_execution
