package wgt

import (
	"bytes"
	"fmt"
	"io"
	"strconv"

	"wgtup/wgt/strictjson"
)

// Renumber is a package under another version: the same files but for version.name and version.code of manifest.json, and
// the version that the boot guard in app-service.js is called with. What the app's own code says of its version stays.
func Renumber(tree *Tree, v Version) (*Tree, error) {
	old := tree.Lookup(ManifestName)
	if old == nil {
		return nil, fmt.Errorf("renumber: no %s", ManifestName)
	}
	text, err := old.Read()
	if err != nil {
		return nil, err
	}
	before, found := ParseManifest(text)
	if len(found) > 0 {
		return nil, &FormatError{Finding: found[0]}
	}
	root, err := strictjson.Parse(text)
	if err != nil {
		return nil, err
	}
	code := strconv.FormatInt(v.Code, 10)
	root.Get("version").Get("name").Text = v.Name
	root.Get("version").Get("code").Text = code // a string or a number, as it was
	next := &Tree{problems: tree.problems, warnings: tree.warnings}
	for _, f := range tree.Files {
		switch f.Name {
		case ManifestName:
			f = fileOf(f, root.Append(nil))
		case ServiceName:
			script, err := f.Read()
			if err != nil {
				return nil, err
			}
			if rest, guarded := bytes.CutPrefix(script, []byte(guardText)); guarded {
				call := guardCall.Find(rest)
				if call == nil || !bytes.HasPrefix(call, []byte(`("`+before.Version.Name+`",`)) {
					return nil, &FormatError{Finding: Finding{GuardAltered, ServiceName, ""}}
				}
				f = fileOf(f, []byte(guardText+`("`+v.Name+`","`+code+"\");\n"), rest[len(call):])
			}
		}
		next.Files = append(next.Files, f)
	}
	return next, nil
}

// fileOf is a file with other contents.
func fileOf(f *File, parts ...[]byte) *File {
	data := bytes.Join(parts, nil)
	return &File{Name: f.Name, Size: int64(len(data)), Mode: f.Mode, open: func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(data)), nil
	}}
}
