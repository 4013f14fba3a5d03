package wgt

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"sort"
	"unicode/utf8"
)

// A Tree is the files of an input as they are, before any judgement. Contents are read when asked for.
type Tree struct {
	// Files are sorted by the bytes of their names. Names are relative, with "/" between segments, and can be anything:
	// only Check says whether they are good.
	Files []*File

	problems  []Finding // of the archive as a whole
	warnings  []Finding
	canonical bool // it comes from ReadPackage
}

// A File is one file of a Tree.
type File struct {
	Name string
	Size int64       // as the directory or the archive claims
	Mode fs.FileMode // only the type bits matter

	defects []Finding // of the entry in the archive
	packed  int64     // packed size in the archive, or 0
	open    func() (io.ReadCloser, error)
	kept    func() ([]byte, error) // the deflated data in a canonical package, nil where it is stored
}

// Open opens the contents. Reading fails when they turn out longer or shorter than Size, or damaged.
func (f *File) Open() (io.ReadCloser, error) {
	if f.open == nil {
		return nil, fmt.Errorf("open %q: %w", f.Name, fs.ErrInvalid)
	}
	return f.open()
}

// Read returns the contents.
func (f *File) Read() ([]byte, error) {
	if f.Size < 0 || f.Size > MaxUnpacked {
		return nil, fmt.Errorf("read %q: %d bytes: %w", f.Name, f.Size, errTooBig)
	}
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	data := make([]byte, f.Size, f.Size+1)
	if _, err := io.ReadFull(r, data); err != nil {
		return nil, f.readError(err)
	}
	if n, err := r.Read(data[len(data):cap(data)]); n > 0 {
		return nil, f.readError(errGrew)
	} else if err != nil && err != io.EOF {
		return nil, f.readError(err)
	}
	return data, nil
}

// head returns the first bytes of the contents.
func (f *File) head(most int64) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(io.LimitReader(r, most))
}

var (
	errTooBig = errors.New("too big")
	errGrew   = errors.New("longer than its size says")
)

func (f *File) readError(err error) error {
	var format *FormatError
	if errors.As(err, &format) {
		return err
	}
	if err == io.ErrUnexpectedEOF || err == io.EOF {
		err = errors.New("shorter than its size says")
	}
	return fmt.Errorf("read %q: %w", f.Name, err)
}

// Lookup returns the file of that name, or nil.
func (t *Tree) Lookup(name string) *File {
	i := sort.Search(len(t.Files), func(i int) bool { return t.Files[i].Name >= name })
	if i < len(t.Files) && t.Files[i].Name == name {
		return t.Files[i]
	}
	return nil
}

func (t *Tree) sort() {
	sort.SliceStable(t.Files, func(i, j int) bool { return t.Files[i].Name < t.Files[j].Name })
}

// ReadDir lists the files below the root of fsys, directory by directory, the upper ones first. Symbolic links are listed
// and not followed. It stops after MaxFiles+1 files: Check says that there are too many, and its other findings are then
// about the files that were listed.
func ReadDir(fsys fs.FS) (*Tree, error) {
	t := &Tree{}
	for dirs := []string{"."}; len(dirs) > 0; dirs = dirs[1:] {
		entries, err := fs.ReadDir(fsys, dirs[0])
		if err != nil {
			return nil, fmt.Errorf("list files: %w", err)
		}
		for _, entry := range entries {
			name := path.Join(dirs[0], entry.Name())
			if entry.IsDir() && fs.ValidPath(name) {
				dirs = append(dirs, name)
				continue
			}
			file, err := dirFile(fsys, name, entry)
			if err != nil {
				return nil, err
			}
			if t.Files = append(t.Files, file); len(t.Files) > MaxFiles {
				t.sort()
				return t, nil
			}
		}
	}
	t.sort()
	return t, nil
}

func dirFile(fsys fs.FS, name string, entry fs.DirEntry) (*File, error) {
	file := &File{Name: name, Mode: entry.Type()}
	if !entry.Type().IsRegular() || !utf8.ValidString(name) {
		return file, nil
	}
	info, err := entry.Info()
	if err != nil {
		return nil, fmt.Errorf("list files: %w", err)
	}
	file.Size = info.Size()
	file.open = func() (io.ReadCloser, error) {
		f, err := fsys.Open(name)
		if err != nil {
			return nil, fmt.Errorf("open file: %w", err)
		}
		return f, nil
	}
	return file, nil
}
