// Package wgt reads, checks and writes uni-app packages (.wgt files).
//
// A wgt is a zip of the compiled resources of a uni-app app, with manifest.json at its root. Every zip reader sees a
// slightly different archive: of two entries with one name some take the first and some the last, of a local and a central
// name that differ some believe the one and some the other, junk in front makes some find nothing at all. The installers
// in the apps are such readers, and closed ones. So this package never passes an archive on. It reads what it is given
// into a Tree, checks the tree, and writes one canonical form on which all readers agree.
//
//	ReadDir, ReadArchive   any input        -> Tree
//	Check                  Tree             -> Report: what goes in, what stays out, what is wrong
//	Write                  Tree and Report  -> the canonical package and its digests
//	ReadPackage            canonical package, nothing else -> Tree
//	ID, SourceID           names and sums   -> identity of the contents, whatever the encoding
//
// # Contents
//
// A package holds at most MaxFiles files of together at most MaxUnpacked bytes. A name is UTF-8 in NFC, segments joined by
// "/", no segment empty, "." or "..", each at most MaxSegment and all at most MaxName bytes; no backslash, no drive letter
// in front, no control character, no character that changes the writing direction. No two names are equal when the case is
// ignored, and none is a directory of another. There are only regular files. manifest.json, app-service.js,
// app-config-service.js and __uniappview.html are there. The manifest is strict JSON (package strictjson) of at most
// MaxManifest bytes with an id, a version.name of two to four numbers and a version.code from 1 to MaxVersion. The codes
// in code.go list what else is looked at.
//
// # Boot guard
//
// A client that updates an app is no help when the app throws or hangs while app-service.js is loaded, since it is in the
// same file. So a package whose app-service.js contains "wgtup-client/" has that file in this form, of a boot guard with the
// number 1:
//
//	/*wgtup-guard 1*/ the guard ("<version.name>","<version.code>"); LF
//	the script, byte for byte LF
//	/*wgtup-guard end*/wgtupBoot.loaded(); LF
//
// without the spaces; the text up to the call is guard.txt, and will not change under this number once it is released. The
// version is that of manifest.json. Where there is no guard at all, as in builds without the client's Vite plugin, Check and
// Write put it in; a guard that is not first, without its last statement, there twice, altered or of another version is not
// shipped. Of a guard with a higher number only this is asked: it is first, and its end mark stands
// once, in the last line. Without the client a script stays as it is.
//
// Line numbers of scripts that do not parse are those of the input. Source maps inside the script are not moved down by the
// line that the guard takes. Vectors are in testdata/vectors/guard.
//
// # Canonical form
//
// One entry a file, in the order of the bytes of their names, but manifest.json last: an installer that is interrupted has
// then not yet written the file without which the runtime falls back to the resources in the app (inferred from the
// runtime's behaviour, not tested on a device). All integers are little endian. For every entry a local header and the
// data:
//
//	50 4b 03 04  14 00  00 08  mm 00  00 00 21 00  crc32  packed size  size  name length  00 00  name
//
// that is: version needed 2.0; flags with only bit 11 (names are UTF-8), set for ASCII names too, as java.util.zip writes
// it; method mm 00 (stored) or 08 (deflate); time 1980-01-01 00:00:00; no extra field. Directly after the last entry, in
// the same order, the central directory:
//
//	50 4b 01 02  14 00  14 00  00 08  mm 00  00 00 21 00  crc32  packed size  size  name length
//	00 00  00 00  00 00  00 00  00 00 00 00  offset of the local header  name
//
// made by version 2.0 on MS-DOS, no extra field, no comment, disk 0, no attributes. Directly after it, and at the very end:
//
//	50 4b 05 06  00 00  00 00  entries  entries  size of the directory  offset of the directory  00 00
//
// No directory entries, no data descriptors, no comment, no zip64, nothing between, before or after these parts. A package
// exists in two forms: packed, where an entry is deflated if that makes it smaller and stored if not, and stored, where
// every entry is stored. The stored form is what a device makes out of a patch, since it can write it without a deflate
// encoder; Write gives the digests of both.
//
// The packed bytes are reproducible with one Encoding, which Package.Encoder names; there may be others tomorrow. Identity is
// therefore the content id.
//
// # Content id
//
// For every file the line "<SHA-256 of its contents in lower-case hex>  <name>\n" (two spaces), the lines in the order of
// the bytes of the names, manifest.json in its place among them; the content id is the SHA-256 of all lines in lower-case
// hex. The same as, with the C locale and no directory inside:
//
//	sha256sum * | sha256sum
//
// For example two files, "a.txt" with the contents "a\n" and "b.txt" with nothing in it:
//
//	87428fc522803d31065e7bce3cf03fe475096631e5e07bbd7a0fde60c4cf25c7  a.txt
//	e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  b.txt
//
// The content id of the two is bde3837782f75dc457851b2e1fc92636661521019939f5946a120c5b76cb559c.
//
// The source id is the same over all files of an input, before anything is left out or put in: what an installed app ships.
// Vectors for other implementations are in testdata/vectors/wgt.
//
// # Sources
//
// DCloud's quickstart-cli.md: a wgt is a zip of the compiled files without their folder. Descriptions of the Android
// runtime: it unpacks with java.util.zip, then reads manifest.json, compares version.name segment by segment as numbers and
// nothing else, and lets an extra segment win ("1.0.0" is higher than "1.0"). Measured with Go 1.26 and Java 17: how
// readers differ, and that Java's ZipInputStream and ZipFile, Python and Info-ZIP see the same files in both canonical
// forms. No device was tried. The layout of records: PKWARE's APPNOTE.TXT 6.3.
package wgt

// Limits of a package.
const (
	MaxFiles    = 20_000
	MaxUnpacked = 200 << 20
	MaxName     = 1024 // bytes
	MaxSegment  = 255  // bytes
	MaxManifest = 1 << 20
	MaxVersion  = 1<<31 - 1 // of version.code and of every number in version.name
	// MaxArchive is the size of the largest archive that ReadArchive and ReadPackage look at.
	MaxArchive = 2 * MaxUnpacked
)

// Sizes above which Check warns.
const (
	BigFile  = 20 << 20
	BigRatio = 100 // unpacked size to packed size, in an archive that was handed in
)
