package mem_test

import (
	"testing"

	"wgtup/internal/store/mem"
	"wgtup/internal/store/storetest"
)

func TestMem(t *testing.T) {
	storetest.Run(t, func(*testing.T) storetest.Harness { return storetest.Harness{Driver: mem.New()} })
}
