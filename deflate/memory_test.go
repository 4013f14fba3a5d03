package deflate

import (
	"runtime"
	"testing"
)

// A call holds no more than MaxMemory, and no more for a longer input.
func TestMemoryIsBounded(t *testing.T) {
	var before, after runtime.MemStats
	for _, data := range [][]byte{noise(3 * Segment), twoSymbols(2 * Segment)} {
		e := new(encoder)
		runtime.GC()
		runtime.ReadMemStats(&before)
		for start := 0; start < len(data); start += Segment {
			window := max(0, start-maxDistance)
			e.segment(data[window:start+Segment], start-window, 2)
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		if held := int64(after.HeapAlloc) - int64(before.HeapAlloc); held > MaxMemory {
			t.Errorf("%d bytes are held", held)
		} else {
			t.Logf("%d bytes are held", held)
		}
		runtime.KeepAlive(e)
		runtime.KeepAlive(data)
	}
}
