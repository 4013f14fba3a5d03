export function downloader(boot) { return {} }
