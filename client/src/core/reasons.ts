/** Why decide says what it says; a closed list. */
export const reasons = [
  // none: the document cannot be used
  'wrong-app',
  'wrong-channel',
  'not-yet-issued', // more than 48 h ahead of network time
  'expired', // by network time; the running app goes on
  // none: nothing to do
  'up-to-date', // what runs is the target
  'running-newer', // what runs is newer than every target
  'nothing-fits', // no release fits this device
  'outside-rollout', // a newer one fits, for other devices so far
  'marked-bad', // a newer one fits, but did not start here
  'held', // an offer was stopped by a hold
  'no-way-back', // it must leave what runs, and nothing fits
  'adopted', // the target's content runs already: take its id and channel
  // wgt
  'newer-release',
  'leave-withdrawn',
  'leave-native', // what runs does not fit the installed native
  'leave-channel', // what runs came from another channel
  // native
  'native-forced',
  'native-update',
] as const

export type Reason = (typeof reasons)[number]
