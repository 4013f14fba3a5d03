// Package patch makes and applies patches: small differences between two uni-app packages.
//
// A rebuilt app differs from the one before in a few lines, but a minifier deals its short names anew and hashes change,
// all over one large script and in most style sheets. General tools pay for every place. A patch of this package says once
// what became of a name.
//
//	Make    files of a base and of the next package -> patch
//	Apply   files of the base and the patch         -> the stored form of the next package, as package wgt specifies it
//
// docs/spec/patch.md specifies the format, with a worked example. In short: one stream of decisions, each coded with the
// probability that what was decided before gives it (coder.go, counter.go). It says, one after the other,
//
//	header.go   how the rest is coded
//	index.go    what becomes of every file of the base, and which files are added
//	body.go     in which steps the contents of edited and added files are made, from files of the base and from themselves
//	literal.go  bytes that stand nowhere before
//	word.go     what becomes of names and hashes
//
// The code of these is used in both directions: what models a decision hands it to the coder, which writes it or replaces
// it with the one that it reads. A patch is made by
//
//	match.go    finding where contents stand before, byte by byte or with other names
//	parse.go    the cheapest way through them: a shortest path
//	price.go    what steps cost, as the patch that was made last would code them
//	make.go     three times over
//
// Without a base a patch is the whole package. All arithmetic is with whole numbers: the same files give the same patch
// everywhere, and every implementation makes the same of it.
//
// # Limits
//
// A package has at most MaxFiles files with together MaxUnpacked bytes, a name MaxName bytes, those of added
// files together MaxNames. Apply holds what is in
// memory of the base, what is made, and some 15 MB; every step makes at least one byte, so time grows with the size of
// what is made, which the index says before anything is made. Whatever the patch, Apply ends and panics nowhere. It does
// not check what it makes: the digest of the package does.
//
// Vectors for other implementations are in testdata/vectors/patch; package patchtest makes up pairs.
package patch
