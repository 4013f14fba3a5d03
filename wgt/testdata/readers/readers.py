"""What Python's zipfile reads in each archive: reader, archive, SHA-256, name."""
import hashlib
import sys
import zipfile

sys.stdout.reconfigure(encoding="utf-8", newline="\n")
for archive in sys.argv[1:]:
    with zipfile.ZipFile(archive) as z:
        assert z.testzip() is None
        for info in z.infolist():
            print("zipfile", archive, hashlib.sha256(z.read(info)).hexdigest(), info.filename, sep="\t")
