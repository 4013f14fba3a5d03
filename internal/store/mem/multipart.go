package mem

import (
	"cmp"
	"context"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"

	"wgtup/internal/store/driver"
)

var _ driver.Multipart = (*Mem)(nil)

type upload struct {
	driver.Upload
	options driver.PutOptions
	parts   map[int][]byte
}

func (m *Mem) BeginUpload(ctx context.Context, key string, o driver.PutOptions) (begun driver.Upload, err error) {
	err = m.do(ctx, "begin", key, func() error {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.count++
		begun = driver.Upload{Key: key, ID: fmt.Sprint("upload", m.count), Began: m.Now().UTC()}
		m.uploads = append(m.uploads, &upload{begun, o, map[int][]byte{}})
		return nil
	})
	return begun, err
}

func (m *Mem) PutPart(ctx context.Context, u driver.Upload, number int, body io.ReadSeeker, size int64, o driver.PutOptions) (part driver.Part, err error) {
	err = m.do(ctx, "part", u.Key, func() error {
		data, err := read(ctx, body, size, o)
		if err != nil {
			return err
		}
		m.mu.Lock()
		defer m.mu.Unlock()
		i := m.findUpload(u)
		if i < 0 {
			return driver.ErrNotFound
		}
		m.uploads[i].parts[number] = data
		part = partOf(number, data)
		return nil
	})
	return part, err
}

func partOf(number int, data []byte) driver.Part {
	sum := md5.Sum(data)
	return driver.Part{Number: number, Size: int64(len(data)), ETag: hex.EncodeToString(sum[:])}
}

func (m *Mem) ListParts(ctx context.Context, u driver.Upload) (found []driver.Part, err error) {
	err = m.do(ctx, "parts", u.Key, func() error {
		m.mu.Lock()
		defer m.mu.Unlock()
		i := m.findUpload(u)
		if i < 0 {
			return driver.ErrNotFound
		}
		for number, data := range m.uploads[i].parts {
			found = append(found, partOf(number, data))
		}
		slices.SortFunc(found, func(a, b driver.Part) int { return cmp.Compare(a.Number, b.Number) })
		return nil
	})
	return found, err
}

func (m *Mem) CompleteUpload(ctx context.Context, u driver.Upload, parts []driver.Part, o driver.PutOptions) error {
	return m.do(ctx, "complete", u.Key, func() error {
		m.mu.Lock()
		defer m.mu.Unlock()
		i := m.findUpload(u)
		if i < 0 {
			return driver.ErrUnknown
		}
		if err := m.condition(u.Key, o); err != nil {
			return err
		}
		var data []byte
		for _, p := range parts {
			have, ok := m.uploads[i].parts[p.Number]
			if !ok || partOf(p.Number, have) != p {
				return driver.ErrUnavailable
			}
			data = append(data, have...)
		}
		m.set(u.Key, data, m.uploads[i].options)
		m.uploads = slices.Delete(m.uploads, i, i+1)
		return nil
	})
}

func (m *Mem) ListUploads(ctx context.Context, prefix string, limit int) (found []driver.Upload, err error) {
	err = m.do(ctx, "uploads", prefix, func() error {
		m.mu.Lock()
		defer m.mu.Unlock()
		for _, u := range m.uploads {
			if strings.HasPrefix(u.Key, prefix) && len(found) < limit {
				found = append(found, u.Upload)
			}
		}
		return nil
	})
	return found, err
}

func (m *Mem) AbortUpload(ctx context.Context, u driver.Upload) error {
	return m.do(ctx, "abort", u.Key, func() error {
		m.mu.Lock()
		defer m.mu.Unlock()
		if i := m.findUpload(u); i >= 0 {
			m.uploads = slices.Delete(m.uploads, i, i+1)
		}
		return nil
	})
}

// findUpload returns the place of an upload, or -1; m.mu is held.
func (m *Mem) findUpload(u driver.Upload) int {
	return slices.IndexFunc(m.uploads, func(other *upload) bool { return other.Key == u.Key && other.ID == u.ID })
}
