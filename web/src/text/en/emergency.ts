export const emergency = {
}
