package dir

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"

	"wgtup/internal/store/driver"
)

func (d *Dir) List(ctx context.Context, prefix, after string, limit int) ([]driver.Info, error) {
	r, err := d.open()
	if errors.Is(err, driver.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer r.Close()
	w := walk{ctx: ctx, root: r, prefix: prefix, after: after, limit: limit}
	return w.found, classify(w.folder(objects, ""))
}

// walk collects keys in byte order.
type walk struct {
	ctx           context.Context
	root          *os.Root
	prefix, after string
	limit         int
	found         []driver.Info
}

// entry is a file or folder; key ends in "/" for a folder, which is what all
// keys below it begin with, so that sorting entries sorts keys.
type entry struct{ key, name string }

// folder walks the folder called name, whose keys begin with parent.
func (w *walk) folder(name, parent string) error {
	entries, err := w.entries(name, parent)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if len(w.found) == w.limit {
			return nil
		}
		if strings.HasSuffix(e.key, "/") {
			err = w.folder(e.name, e.key)
		} else {
			err = w.object(e)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *walk) object(e entry) error {
	p, err := readPointer(w.ctx, w.root, e.name)
	if errors.Is(err, driver.ErrNotFound) {
		return nil // removed meanwhile
	}
	if err != nil {
		return err
	}
	i := p.info(e.key)
	w.found = append(w.found, driver.Info{Key: i.Key, Size: i.Size, ETag: i.ETag, Modified: i.Modified})
	return nil
}

// entries returns what a folder has to offer to this walk, sorted.
func (w *walk) entries(name, parent string) ([]entry, error) {
	f, err := w.root.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	all, err := f.ReadDir(-1)
	if err != nil {
		return nil, err
	}
	var entries []entry
	for _, file := range all {
		encoded, isPointer := strings.CutSuffix(file.Name(), suffix)
		segment, ok := decode(encoded)
		if !ok || isPointer == file.IsDir() {
			continue
		}
		e := entry{parent + segment, name + "/" + file.Name()}
		if file.IsDir() {
			e.key += "/"
		}
		if w.wants(e.key) {
			entries = append(entries, e)
		}
	}
	slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(a.key, b.key) })
	return entries, nil
}

func (w *walk) wants(key string) bool {
	if !strings.HasSuffix(key, "/") {
		return strings.HasPrefix(key, w.prefix) && key > w.after
	}
	return (strings.HasPrefix(key, w.prefix) || strings.HasPrefix(w.prefix, key)) &&
		(key > w.after || strings.HasPrefix(w.after, key))
}
