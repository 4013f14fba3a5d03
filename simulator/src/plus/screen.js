export function screen() {
  return {
    scale: 3,
    resolutionWidth: 360,
    resolutionHeight: 780,
    getCurrentSize: () => ({ resolutionWidth: 360, resolutionHeight: 780, width: 1080, height: 2340 }),
  }
}
