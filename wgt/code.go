package wgt

import "fmt"

// A Code is a stable reason, for programs to branch on and for commands to put into words.
type Code string

// Codes of Report.Problems: the package as a whole cannot be shipped.
const (
	Empty         Code = "empty"           // there is not one file
	NoManifest    Code = "no-manifest"     // no manifest.json at the root, and no better explanation
	Wrapped       Code = "wrapped"         // everything is in a folder; Detail is the folder
	WebBuild      Code = "web-build"       // a build for browsers: what an app-harmony build without its compiler plug-in gives, with exit code 0
	FailedBuild   Code = "failed-build"    // the leftovers of a build that failed, possibly with exit code 0
	SourceProject Code = "source-project"  // the sources of an app, not its build output
	MissingFile   Code = "missing-file"    // File is missing or empty
	BadManifest   Code = "manifest-syntax" // not strict JSON, or not of the expected shape; Detail is line:column: reason
	NoAppID       Code = "no-appid"        // the manifest has no id
	BadAppID      Code = "appid"           // the id has other characters than letters, digits and "_"
	NoVersionName Code = "no-version-name"
	BadVersion    Code = "version-name" // people and the runtime would order it differently; Detail says why
	NoVersionCode Code = "no-version-code"
	BadCode       Code = "version-code" // not a whole number from 1 to MaxVersion
	TooManyFiles  Code = "too-many-files"
	TooBig        Code = "too-big"
)

// Codes of Report.Invalid: this file cannot be shipped.
const (
	BadName    Code = "bad-name"       // Detail is one of the words of CheckName
	NotNFC     Code = "not-nfc"        // the name is not in Unicode normalisation form C
	Collision  Code = "name-collision" // equal to another name but for case, or a directory of it; Detail is the other
	Symlink    Code = "symlink"
	NotRegular Code = "not-regular" // a device, a pipe, a socket
	BadScript  Code = "js-syntax"   // JavaScript that does not parse; Detail is file:line:column: reason. A warning in static/ and hybrid/

	GuardNotFirst Code = "guard-not-first" // the boot guard does not begin app-service.js; Detail is what does
	GuardNoTail   Code = "guard-no-tail"   // the statement of the boot guard that ends app-service.js is not there
	GuardTwice    Code = "guard-twice"     // two boot guards
	GuardVersion  Code = "guard-version"   // the boot guard is of another version; Detail is both
	GuardAltered  Code = "guard-altered"   // the text of the boot guard is not what its number stands for
)

// Codes of Report.Omitted: this file is left out of the package.
const (
	Twin          Code = "twin"           // a .gz or .br beside the file it was made from
	SourceMap     Code = "source-map"     // a source map
	Junk          Code = "junk"           // of an editor, a file manager or a version control system
	NvueOutput    Code = "nvue-output"    // the compiler's .nvue folder
	HarmonyNative Code = "harmony-native" // HarmonyOS native sources in uni_modules, which a wgt cannot change
)

// Codes of Report.Warnings.
const (
	Secret       Code = "secret"         // Detail is "name", "private key" or "access key id"; never the value
	HugeFile     Code = "huge-file"      // larger than BigFile; Detail is the size
	Ratio        Code = "ratio"          // shrinks more than BigRatio times in the archive that was handed in
	CaseDirs     Code = "directory-case" // a directory differs from another only in case; Detail is the other
	UnmarkedName Code = "unmarked-name"  // the archive that was handed in does not say that this name is UTF-8
	TrailingData Code = "trailing-data"  // bytes after the end of the archive that was handed in
)

// Codes of an archive. As a FormatError: it cannot be read at all, or is not canonical. In Report.Problems: readers would
// not agree on its files. In Report.Invalid: the same of one file.
const (
	NotZip         Code = "not-a-zip"        // Detail is what it looks like: empty, html, json, multipart, text, gzip, rar, 7z or unknown
	Truncated      Code = "truncated"        // it starts like a zip but its end is missing or does not fit
	Zip64          Code = "zip64"            //
	ManyDisks      Code = "many-disks"       //
	Ambiguous      Code = "ambiguous"        // there is more than one end record
	LeadingData    Code = "leading-data"     // bytes before the first entry
	HiddenData     Code = "hidden-data"      // bytes that belong to no entry
	Overlap        Code = "overlap"          // two entries share bytes
	Duplicate      Code = "duplicate"        // the name is there more than once
	Encrypted      Code = "encrypted"        //
	BadMethod      Code = "method"           // neither stored nor deflated
	HeaderMismatch Code = "header-mismatch"  // local and central header differ; Detail is the field
	BadData        Code = "bad-data"         // the contents cannot be unpacked or have another size
	BadChecksum    Code = "checksum"         // the contents have another CRC-32
	NotCanonical   Code = "not-canonical"    // of ReadPackage: readable, but not the canonical form; Detail is the field
	Changed        Code = "changed-meantime" // of Write: the file is not what Check saw
)

// A Finding is one thing that Check found.
type Finding struct {
	Code   Code   `json:"code"`
	File   string `json:"file,omitempty"`
	Detail string `json:"detail,omitempty"`
}

func (f Finding) String() string {
	s := string(f.Code)
	if f.File != "" {
		s += fmt.Sprintf(" %q", f.File)
	}
	if f.Detail != "" {
		s += ": " + f.Detail
	}
	return s
}

// A FormatError says why an archive was not read.
type FormatError struct{ Finding }

func (e *FormatError) Error() string { return e.Finding.String() }

func formatError(code Code, file, detail string, args ...any) *FormatError {
	return &FormatError{Finding{Code: code, File: file, Detail: fmt.Sprintf(detail, args...)}}
}
