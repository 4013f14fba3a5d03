/**
 * Puts the boot guard into app builds: `plugins: [uni(), wgtup()]` in vite.config.js. H5 and
 * mini-programs stay as they are.
 */
export declare function wgtup(): { name: string; enforce: 'post'; apply: 'build' }
