export const evidence = {
}
