package store

import "errors"

// fail wraps err as the failure of op on key, and lifts what the service said from the driver's error to the outer one.
func fail(op, key string, err error) error {
	if err == nil {
		return nil
	}
	e := &Error{Op: op, Key: key, Err: err}
	if inner := (*Error)(nil); errors.As(err, &inner) {
		e.Status, e.Code, e.Scheme, e.RetryAfter = inner.Status, inner.Code, inner.Scheme, inner.RetryAfter
		if err == error(inner) {
			e.Err = inner.Err
		}
	}
	return e
}
