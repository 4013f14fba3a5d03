package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// manifest is that of every tree made here.
const manifest = `{"id":"__UNI__A1B2C3D","name":"bench","version":{"name":"%s","code":"%d"},"plus":{"uni-app":{"compilerVersion":"4.87"}}}`

// app writes the smallest build output there is.
func app(folder, version string, code int) error {
	for name, text := range map[string]string{
		"app-service.js": "var a=1;\n", "app-config-service.js": "var b=2;\n", "__uniappview.html": "<!DOCTYPE html>\n", "manifest.json": fmt.Sprintf(manifest, version, code),
	} {
		if err := write(folder, name, []byte(text)); err != nil {
			return err
		}
	}
	return nil
}

// bigApp is like the largest build that was measured: 17 MB, 180 styles that
// repeat each other and 2 MB of script.
func bigApp(folder string) error {
	random := rand.New(rand.NewPCG(1, 2))
	words := make([]string, 4000)
	for i := range words {
		words[i] = fmt.Sprintf(".c%x[data-v-%08x]{margin:%dpx;", random.Uint32N(1<<16), random.Uint32(), random.IntN(40))
	}
	text := func(size int) []byte {
		var t bytes.Buffer
		for t.Len() < size {
			t.WriteString(words[int(random.ExpFloat64()*400)%len(words)])
		}
		return t.Bytes()
	}
	if err := app(folder, "1.2.3", 123); err != nil {
		return err
	}
	if err := write(folder, "app-service.js", append(append([]byte("var a=`"), text(2<<20)...), '`')); err != nil {
		return err
	}
	for i := range 180 {
		if err := write(folder, fmt.Sprintf("pages/%d.css", i), text(80_000)); err != nil {
			return err
		}
	}
	return nil
}

// photos writes size bytes that nothing makes smaller.
func photos(folder string, size int) error {
	random := rand.NewChaCha8([32]byte{7})
	for i := 0; size > 0; i++ {
		data := make([]byte, min(size, 400_000))
		random.Read(data)
		if err := write(folder, fmt.Sprintf("static/photos/%d.jpg", i), data); err != nil {
			return err
		}
		size -= len(data)
	}
	return nil
}

func write(folder, name string, data []byte) error {
	path := filepath.Join(folder, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o666)
}

// list names the files of a folder and their sizes together.
func list(folder string) (names []string, total int64, err error) {
	err = filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			name, _ := filepath.Rel(folder, path)
			names, total = append(names, filepath.ToSlash(name)), total+info.Size()
		}
		return err
	})
	return names, total, err
}
