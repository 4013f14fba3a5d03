import { campaign } from './campaign.js'

campaign('android')
