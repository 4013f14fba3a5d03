package wire

import (
	"fmt"

	"wgtup/internal/store/driver"
)

// Completed says what the failure of completing an upload means: one that is gone
// may have been completed before, and parts that are not there come again.
func Completed(err error) error {
	e, ok := err.(*driver.Error)
	switch {
	case !ok:
	case e.Code == "NoSuchUpload":
		e.Err = fmt.Errorf("%w: %w", driver.ErrUnknown, e.Err)
	case e.Code == "InvalidPart":
		e.Err = fmt.Errorf("%w: %w", driver.ErrUnavailable, e.Err)
	}
	return err
}
