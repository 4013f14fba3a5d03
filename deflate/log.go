package deflate

import "math/bits"

const (
	logBits  = 12 // of a logarithm, after the point
	logTable = 1 << 11
)

// logs and products are log2(x) and x*log2(x), with logBits after the point, rounded down.
var (
	logs, products = fillLogs()
)

func fillLogs() (logs, products [logTable]uint32) {
	for x := uint64(1); x < logTable; x++ {
		whole := uint32(bits.Len64(x) - 1)
		v := whole
		m := x << (31 - whole) // 1 <= m/2^31 < 2
		for range logBits {
			m = m * m >> 31
			v <<= 1
			if m >= 1<<32 {
				m >>= 1
				v |= 1
			}
		}
		logs[x] = v
		products[x] = uint32(x) * v
	}
	return logs, products
}

// log2 is the logarithm of x, which is above 0, from its first eleven bits.
func log2(x uint32) uint32 {
	if x < logTable {
		return logs[x]
	}
	shift := bits.Len32(x) - bits.Len32(logTable-1)
	return logs[x>>shift] + uint32(shift)<<logBits
}

func xlog2(x uint32) uint64 {
	if x < logTable {
		return uint64(products[x])
	}
	return uint64(x) * uint64(log2(x))
}
