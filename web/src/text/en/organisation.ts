export const organisation = {
}
