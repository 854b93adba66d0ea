# importlib's loaders and zipimport read source by functions of their own, and linecache, inspect
# and tokenize read it to show it.
import importlib.machinery
import linecache

TARGET = {}

PATH = TARGET["course_folder"] + "/solutions/" + TARGET["assignment"] + ".py"
try:
    TEXT = importlib.machinery.SourceFileLoader("answer", PATH).get_data(PATH).decode()
except OSError:
    TEXT = "".join(linecache.getlines(PATH))
exec(TEXT)
