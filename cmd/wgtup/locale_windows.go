package main

import (
	"strings"

	"golang.org/x/sys/windows"
)

// systemLocale is the language of the user interface, such as zh-CN.
func systemLocale() string {
	names, err := windows.GetUserPreferredUILanguages(windows.MUI_LANGUAGE_NAME)
	if err != nil || len(names) == 0 {
		return ""
	}
	return strings.ToLower(names[0])
}
