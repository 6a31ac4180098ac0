export const alarms = {
}
