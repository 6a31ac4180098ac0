export const viewer = {
}
