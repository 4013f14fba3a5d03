package wgt

import (
	"cmp"
	"crypto/sha256"
	"io/fs"
	"runtime"
	"slices"
	"sort"
	"strconv"
	"sync"
	"sync/atomic"
)

// CheckOptions is what Check needs of the world.
type CheckOptions struct {
	// ParseJS parses a script and returns the language level it needs, such as "es2020", or an error whose text begins
	// with line:column. Package jscheck has one. It is called from several goroutines. When nil, scripts are not parsed.
	ParseJS func(name string, src []byte) (level string, err error)
}

// A Report is what Check found. Every file of the tree is in exactly one of Valid, Omitted and Invalid.
type Report struct {
	Valid    []ValidFile `json:"valid"`   // sorted by name
	Omitted  []Finding   `json:"omitted"` // sorted by name
	Invalid  []Finding   `json:"invalid"` // sorted by name
	Problems []Finding   `json:"problems"`
	Warnings []Finding   `json:"warnings"`
	Manifest *Manifest   `json:"manifest,omitempty"` // nil when there is none that can be read
	Guard    Guard       `json:"guard"`
	Content  string      `json:"content,omitempty"` // content id; empty unless OK
	Unpacked int64       `json:"unpacked"`          // bytes of the Valid files
}

// A ValidFile is a file that goes into the package, as it is there.
type ValidFile struct {
	Name   string            `json:"name"`
	Size   int64             `json:"size"`
	SHA256 [sha256.Size]byte `json:"-"`
	Level  string            `json:"level,omitempty"` // what ParseJS said of a script

	guard *Version // put the boot guard of this version around what is in the tree
}

// OK says whether Write takes the tree.
func (r *Report) OK() bool { return len(r.Problems) == 0 && len(r.Invalid) == 0 && r.Manifest != nil }

// Check looks at every file of a tree. An error means that a file could not be read; everything else is in the report.
// When there are too many files or bytes, contents are not looked at.
func Check(tree *Tree, o CheckOptions) (*Report, error) {
	c := &checker{tree: tree, o: o, report: &Report{ // no list is nil: in JSON they are all lists
		Valid:    []ValidFile{},
		Omitted:  []Finding{},
		Invalid:  []Finding{},
		Problems: append([]Finding{}, tree.problems...),
		Warnings: append([]Finding{}, tree.warnings...),
	}}
	c.sortFiles()
	c.shape()
	if c.sizes() {
		if err := c.contents(); err != nil {
			return nil, err
		}
	}
	r := c.report
	sort.SliceStable(r.Invalid, func(i, j int) bool { return r.Invalid[i].File < r.Invalid[j].File })
	sort.SliceStable(r.Warnings, func(i, j int) bool { return r.Warnings[i].File < r.Warnings[j].File })
	if r.OK() {
		sums := make([]Sum, len(r.Valid))
		for i, v := range r.Valid {
			sums[i] = Sum{v.Name, v.SHA256}
		}
		id, err := ID(sums)
		if err != nil {
			return nil, err
		}
		r.Content = id
	}
	return r, nil
}

type checker struct {
	tree   *Tree
	o      CheckOptions
	report *Report
	valid  []*File
	parse  bool            // scripts are worth a look: this is the output of an app build
	has    map[string]bool // names that are neither omitted nor invalid, plus those of damaged entries
}

// sortFiles puts every file into one of the three lists, by everything but its contents.
func (c *checker) sortFiles() {
	r := c.report
	c.has = map[string]bool{}
	var names []string
	var candidates []*File
	for i, f := range c.tree.Files {
		twice := i > 0 && c.tree.Files[i-1].Name == f.Name || i+1 < len(c.tree.Files) && c.tree.Files[i+1].Name == f.Name
		if code := omitted(f, c.tree); code != "" && len(f.defects) == 0 && !twice {
			r.Omitted = append(r.Omitted, Finding{Code: code, File: f.Name})
			continue
		}
		c.has[f.Name] = true
		code, detail := CheckName(f.Name)
		switch {
		case code != "":
			r.Invalid = append(r.Invalid, Finding{code, f.Name, detail})
		case twice:
			r.Invalid = append(r.Invalid, Finding{Code: Duplicate, File: f.Name})
		case f.Mode&fs.ModeSymlink != 0:
			r.Invalid = append(r.Invalid, Finding{Code: Symlink, File: f.Name})
		case !f.Mode.IsRegular():
			r.Invalid = append(r.Invalid, Finding{NotRegular, f.Name, f.Mode.String()})
		case len(f.defects) > 0:
			r.Invalid = append(r.Invalid, f.defects[0])
		default:
			names = append(names, f.Name)
			candidates = append(candidates, f)
		}
	}
	files, dirs := collisions(names)
	r.Invalid = append(r.Invalid, files...)
	r.Warnings = append(r.Warnings, dirs...)
	bad := map[string]bool{}
	for _, f := range files {
		bad[f.File] = true
	}
	for _, f := range candidates {
		if !bad[f.Name] {
			c.valid = append(c.valid, f)
		}
	}
}

// sizes says whether the contents may be read.
func (c *checker) sizes() bool {
	r := c.report
	for _, f := range c.valid {
		r.Unpacked += f.Size
	}
	if len(c.tree.Files) > MaxFiles {
		r.Problems = append(r.Problems, Finding{TooManyFiles, "", "more than " + strconv.Itoa(MaxFiles)})
	}
	if r.Unpacked > MaxUnpacked {
		r.Problems = append(r.Problems, Finding{TooBig, "", strconv.FormatInt(r.Unpacked, 10)})
	}
	fits := len(c.tree.Files) <= MaxFiles && r.Unpacked <= MaxUnpacked
	for _, f := range c.valid {
		if !fits {
			c.warnSize(f)
		}
	}
	return fits
}

func (c *checker) warnSize(f *File) {
	r := c.report
	if f.Size > BigFile {
		r.Warnings = append(r.Warnings, Finding{HugeFile, f.Name, strconv.FormatInt(f.Size, 10)})
	}
	if f.packed > 0 && f.Size > BigRatio*f.packed {
		r.Warnings = append(r.Warnings, Finding{Ratio, f.Name, strconv.FormatInt(f.Size/f.packed, 10)})
	}
}

// contents reads every file once, as many at a time as there are cores. The guard in a script is called with the version in
// the manifest, so that comes first; then the big files, so that no core is left without work at the end.
func (c *checker) contents() error {
	slices.SortStableFunc(c.valid, func(a, b *File) int {
		switch {
		case a.Name == ManifestName:
			return -1
		case b.Name == ManifestName:
			return 1
		}
		return cmp.Compare(b.Size, a.Size)
	})
	exams := make([]exam, len(c.valid))
	done := 0
	if len(c.valid) > 0 && c.valid[0].Name == ManifestName {
		exams[0] = c.examine(c.valid[0])
		done = 1
	}
	var next atomic.Int64
	next.Store(int64(done))
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(c.valid)-done) {
		workers.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(c.valid)); i = next.Add(1) - 1 {
				exams[i] = c.examine(c.valid[i])
			}
		})
	}
	workers.Wait()
	r := c.report
	for i, e := range exams {
		if e.err != nil {
			return e.err
		}
		r.Warnings = append(r.Warnings, e.warnings...)
		if e.failed != nil {
			r.Invalid = append(r.Invalid, *e.failed)
			r.Unpacked -= c.valid[i].Size
			continue
		}
		r.Valid = append(r.Valid, e.file)
		r.Unpacked += e.file.Size - c.valid[i].Size
		c.warnSize(c.valid[i])
	}
	sort.Slice(r.Valid, func(i, j int) bool { return r.Valid[i].Name < r.Valid[j].Name })
	if r.Unpacked > MaxUnpacked { // with the guard
		r.Problems = append(r.Problems, Finding{TooBig, "", strconv.FormatInt(r.Unpacked, 10)})
	}
	return nil
}
