export default function AddScreen() {
  return null
}
