import { Component, type ReactNode } from 'react'

interface Props {
  /** A change of it shows the children again. */
  place: string
  fallback: (problem: Error, again: () => void) => ReactNode
  children: ReactNode
}

/** Keeps a mistake in one screen from taking the page down. */
export class ErrorBoundary extends Component<Props, { problem: Error | null, place: string }> {
  override state = { problem: null as Error | null, place: this.props.place }

  static getDerivedStateFromError(problem: unknown) {
    return { problem: problem instanceof Error ? problem : new Error(String(problem)) }
  }

  static getDerivedStateFromProps(props: Props, state: { place: string }) {
    return props.place === state.place ? null : { problem: null, place: props.place }
  }

  override render() {
    return this.state.problem ? this.props.fallback(this.state.problem, () => { this.setState({ problem: null }) }) : this.props.children
  }
}
