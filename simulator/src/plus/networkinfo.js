const codes = { none: 1, ethernet: 2, wifi: 3, '2g': 4, '3g': 5, '4g': 6, '5g': 7 }

export function networkinfo(boot) {
  return {
    CONNECTION_UNKNOW: 0,
    CONNECTION_NONE: 1,
    CONNECTION_ETHERNET: 2,
    CONNECTION_WIFI: 3,
    CONNECTION_CELL2G: 4,
    CONNECTION_CELL3G: 5,
    CONNECTION_CELL4G: 6,
    CONNECTION_CELL5G: 7,
    getCurrentType: () => codes[boot.phone.network.type] ?? 0,
  }
}
