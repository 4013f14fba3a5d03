//go:build race

package sign

// stride: the race detector makes arithmetic eight times slower, so a test that
// tries everything tries every seventh then.
const stride = 7
