export const sharing = {
}
