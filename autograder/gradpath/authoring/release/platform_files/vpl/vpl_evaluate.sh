#!/bin/bash
# VPL starts this, deletes it, and starts vpl_execution, which has the environment with the bounds of the grade.
{
echo '#!/bin/bash'
cat vpl_environment.sh
cat <<'END_OF_SCRIPT'
submission=$$PWD
folder=$$(mktemp -d)
cd "$$folder"
cat > gradpath.toml <<'END_OF_SETTINGS'
$settings
END_OF_SETTINGS
/opt/gradpath/bin/gradpath grade-one "$$submission" --as vpl --assignment $slug
rm -r "$$folder"
END_OF_SCRIPT
} > vpl_execution
chmod 700 vpl_execution
