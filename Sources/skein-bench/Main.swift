import ArgumentParser
import Benchmarks

@main
enum Main {
    static func main() async {
        await BenchmarkCommand.main()
    }
}
