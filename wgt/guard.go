package wgt

import (
	"bytes"
	_ "embed"
	"regexp"
	"strconv"
)

// guardText is the boot guard that is put in, without the version that it is called with: what the client's build writes
// to client/dist/guard.txt. A guard of one number is the same text for ever once it is released.
//
//go:embed guard.txt
var guardText string

const (
	guardNumber = 1               // of guardText
	clientMark  = "wgtup-client/" // in the client's code, before its version
	guardTail   = "\n/*wgtup-guard end*/wgtupBoot.loaded();\n"
)

var (
	guardHead  = regexp.MustCompile(`^/\*wgtup-guard ([1-9][0-9]{0,3})\*/`)
	guardStart = regexp.MustCompile(`/\*wgtup-guard [0-9]`)
	guardEnd   = regexp.MustCompile(`/\*wgtup-guard end\*/`)
	guardCall  = regexp.MustCompile(`^\("([^"\\\n]{0,64})","([^"\\\n]{0,64})"\);\n`)
	// guardBody is what stays of a guard whose comments are gone.
	guardBody = regexp.MustCompile(`wgtupBoot\s*=\s*function`)
)

// A Guard says whether app-service.js has wgtup-client and its boot guard in it.
type Guard struct {
	Client   bool `json:"client"`
	Number   int  `json:"number"`   // of the guard, as the package will have it; 0 is none
	Inserted bool `json:"inserted"` // it is not in the input: Write puts it in
}

// guard looks at the boot guard of app-service.js, and puts one in where there is none but should be. Of a manifest with
// problems there is no version to put in.
func (c *checker) guard(script []byte) ([]byte, *Version, *Finding) {
	r := c.report
	if r.Manifest == nil || len(r.Problems) > 0 {
		return script, nil, nil
	}
	var found *Finding
	if r.Guard, found = lookForGuard(script, r.Manifest.Version); found != nil || !r.Guard.Inserted {
		return script, nil, found
	}
	return insertGuard(script, r.Manifest.Version), &r.Manifest.Version, nil
}

// lookForGuard looks at app-service.js of a package of a version. The finding says why that script cannot be shipped.
func lookForGuard(script []byte, v Version) (Guard, *Finding) {
	g := Guard{Client: bytes.Contains(script, []byte(clientMark))}
	if head := guardHead.FindSubmatch(script); head != nil {
		g.Number, _ = strconv.Atoi(string(head[1]))
	}
	if !g.Client {
		return g, nil
	}
	starts, ends := guardStart.FindAllIndex(script, 2), guardEnd.FindAllIndex(script, 2)
	bodies := guardBody.FindAllIndex(script, 2)
	bad := func(code Code, detail string) (Guard, *Finding) { return g, &Finding{code, ServiceName, detail} }
	switch {
	case len(starts)+len(ends)+len(bodies) == 0:
		return Guard{Client: true, Number: guardNumber, Inserted: true}, nil
	case len(starts) == 0:
		return bad(GuardAltered, "")
	case g.Number == 0:
		return bad(GuardNotFirst, strconv.Quote(shorten(string(script[:starts[0][0]]))))
	case len(starts) > 1 || len(ends) > 1:
		return bad(GuardTwice, "")
	case len(ends) == 0:
		return bad(GuardNoTail, "")
	case g.Number > guardNumber: // a newer client knows what it looks like, but where it stands stays the same
		if last := script[ends[0][0]:]; bytes.IndexByte(last, '\n') != len(last)-1 {
			return bad(GuardNoTail, "")
		}
		return g, nil
	case len(bodies) > 1:
		return bad(GuardTwice, "")
	case !bytes.HasSuffix(script, []byte(guardTail)):
		return bad(GuardNoTail, "")
	}
	rest, same := bytes.CutPrefix(script, []byte(guardText))
	call := guardCall.FindSubmatch(rest)
	if !same || call == nil {
		return bad(GuardAltered, "")
	}
	if name, code := string(call[1]), string(call[2]); name != v.Name || code != strconv.FormatInt(v.Code, 10) {
		return bad(GuardVersion, name+" ("+code+"), "+ManifestName+" "+v.Name+" ("+strconv.FormatInt(v.Code, 10)+")")
	}
	return g, nil
}

// insertGuard puts the guard around a script that has none.
func insertGuard(script []byte, v Version) []byte {
	var b bytes.Buffer
	b.Grow(len(guardText) + len(script) + 100)
	b.WriteString(guardText)
	b.WriteString(`("` + v.Name + `","` + strconv.FormatInt(v.Code, 10) + "\");\n")
	b.Write(script)
	b.WriteString(guardTail)
	return b.Bytes()
}

// read returns the contents of a file of the tree as they go into the package.
func (v ValidFile) read(f *File) ([]byte, error) {
	data, err := f.Read()
	if err == nil && v.guard != nil {
		data = insertGuard(data, *v.guard)
	}
	return data, err
}
