//go:build !windows

package dir

func isSharing(error) bool { return false }
