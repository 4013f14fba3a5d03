package dir

import (
	"errors"
	"syscall"
)

// isSharing reports whether the file could not be had because somebody else has
// it open. Windows says "access denied" when a file is being removed or replaced.
func isSharing(err error) bool {
	const sharingViolation, lockViolation = syscall.Errno(32), syscall.Errno(33)
	return errors.Is(err, sharingViolation) || errors.Is(err, lockViolation) || errors.Is(err, syscall.ERROR_ACCESS_DENIED)
}
