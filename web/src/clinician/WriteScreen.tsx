export default function WriteScreen() {
  return null
}
