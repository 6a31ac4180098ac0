export const upload = {
}
