package patch

// stretch is ln(p/(1-p)) of a probability in 1/4096, in 1/256 and between -2047 and 2047; squash is its inverse. Both are
// made of whole numbers alone, so that they are the same everywhere.
var stretch = func() (s [4096]int32) {
	at := 0
	for x := int32(-2047); x <= 2047; x++ {
		for p := int(squash(x)); at <= p; at++ {
			s[at] = x
		}
	}
	for ; at < len(s); at++ {
		s[at] = 2047
	}
	return
}()

// squashed is 4096/(1+e^-x) for x from -8 to 8 in steps of 1/2.
var squashed = [33]int32{1, 2, 3, 6, 10, 16, 27, 45, 73, 120, 194, 310, 488, 747, 1101, 1546, 2047, 2549, 2994, 3348, 3607, 3785, 3901, 3975, 4022, 4050, 4068, 4079, 4085, 4089, 4092, 4093, 4094}

func squash(x int32) int32 {
	x = min(max(x, -2047), 2047)
	at, part := x>>7+16, x&127
	return (squashed[at]*(128-part) + squashed[at+1]*part + 64) >> 7
}
