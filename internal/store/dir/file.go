package dir

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"strings"
	"time"
)

// makeFolders makes the folder called name with all above it, and syncs those
// that got a new entry.
func makeFolders(r *os.Root, name string) error {
	parent := "."
	for segment := range strings.SplitSeq(name, "/") {
		folder := segment
		if parent != "." {
			folder = parent + "/" + segment
		}
		err := r.Mkdir(folder, 0o777)
		switch {
		case err == nil:
			if err := syncFolder(r, parent); err != nil {
				return err
			}
		case !errors.Is(err, fs.ErrExist):
			return fmt.Errorf("make folder: %w", err)
		}
		parent = folder
	}
	return nil
}

// writeFile writes a new file and syncs it; a file of that name is fs.ErrExist.
func writeFile(r *os.Root, name string, data []byte) error {
	f, err := r.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		_ = r.Remove(name)
	}
	return err
}

// syncFolder makes a folder's entries survive a power cut. Windows writes them
// in order by itself and refuses the call.
func syncFolder(r *os.Root, name string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	f, err := r.Open(name)
	if err != nil {
		return fmt.Errorf("sync folder: %w", err)
	}
	defer f.Close()
	if err := f.Sync(); err != nil {
		return fmt.Errorf("sync folder: %w", err)
	}
	return nil
}

// Windows, which tests play on other systems.
var (
	sharing = isSharing
	sleep   = time.Sleep
)

// patiently repeats f for a second while another process, often a virus scanner,
// has the file open. Only Windows knows such errors.
func patiently(f func() error) error {
	for pause := time.Millisecond; ; pause *= 2 {
		err := f()
		if err == nil || !sharing(err) || pause > 500*time.Millisecond {
			return err
		}
		sleep(pause)
	}
}
