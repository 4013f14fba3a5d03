package dir_test

import (
	"path/filepath"
	"testing"

	"wgtup/internal/store"
	"wgtup/internal/store/dir"
	"wgtup/internal/store/storetest"
)

func TestDir(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Harness {
		path := filepath.Join(t.TempDir(), "made", "by the first write")
		return storetest.Harness{Driver: open(t, path), Second: open(t, path)}
	})
}

func open(t *testing.T, path string) store.Driver {
	t.Helper()
	d, err := dir.New(path)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
