// Package deflate makes the smallest raw DEFLATE stream (RFC 1951) it can in a second or so a megabyte.
//
// A package is packed once and downloaded by every device, so time is spent here that compress/flate and its relatives do
// not spend: they walk over the input once and take what is at hand. Encode instead works like this, on one segment of at
// most Segment bytes after the other:
//
//	match.go    find for every position every length that occurs in the 32 KiB before it, each at its nearest distance
//	parse.go    the cheapest way through the segment, given what each literal, length and distance costs: a shortest path
//	split.go    where a new block, with codes of its own, pays for its header: also a shortest path, then to the token
//	cost.go     what literals, lengths and distances cost in each block, from how often the way just found uses them
//
// and again from parse.go, with the new costs, until Options.Passes are used up or two in a row do not help. The smallest
// of all the ways found gets its codes, is looked for a few times more at the cost of just these, and is written:
//
//	huffman.go  code lengths for given frequencies, optimal under the limit of 15 (or 7) bits
//	header.go   the cheapest description of those lengths
//	smooth.go   lengths that are cheaper to describe
//	block.go    a block as stored, fixed or dynamic, whichever is the shortest
//	bits.go     bits into bytes
//
// # What the output promises
//
// It is one complete stream with the final bit set on the last block, and ends at the byte with its last bit. It is never
// longer than the input in stored blocks: Bound. Distances are at most 32,768, lengths at most 258. Every Huffman code is
// complete, also where the RFC would allow a single distance code of one bit, since not every decoder does. No block is
// empty, unless the input is.
//
// The same input and options give the same bytes on every platform, whatever the number of cores: all arithmetic is with
// integers of fixed width (costs are fixed point, 1/256 of a bit), ties are broken by position, and one call uses one
// goroutine. Encode many files at once for more. The digests in golden_test.go pin the bytes; who changes them names the
// encoder anew where packages are written.
//
// # Limits
//
// An input may have any length. Memory does not grow with it beyond the segment: MaxMemory for each call that is running,
// and the output. Time grows with the length; the worst inputs known take three times as long as text.
//
// # Sources
//
// RFC 1951. The ideas are those of the literature and of the well-known encoders that do the same in other languages:
// near-optimal parsing with costs from the pass before, binary trees of the strings in a window, package-merge (Larmore
// and Hirschberg 1990), splitting by statistics. The code is this package's own.
package deflate
