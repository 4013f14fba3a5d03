const insets = { top: 24, bottom: 0, left: 0, right: 0, deviceTop: 24, deviceBottom: 0, deviceLeft: 0, deviceRight: 0 }

export function navigator(boot) {
  return {
    setStatusBarStyle() {},
    getStatusBarStyle: () => 'dark',
    getStatusbarHeight: () => insets.top,
    isImmersedStatusbar: () => true,
    getSafeAreaInsets: () => insets,
    getUIStyle: () => boot.phone.theme,
    getOrientation: () => 0,
    closeSplashscreen() {
      if (boot.splashClosed) return
      boot.splashClosed = true
      boot.timer(() => boot.modules.globalEvent.fire('splashclosed'), 100)
    },
  }
}

export { insets }
