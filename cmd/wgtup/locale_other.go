//go:build !windows

package main

// systemLocale is for systems whose locale stands in the environment.
func systemLocale() string { return "" }
