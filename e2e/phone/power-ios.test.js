import { campaign } from './campaign.js'

campaign('ios')
