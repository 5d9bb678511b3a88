import ArgumentParser
import WorkerService

@main
enum Main {
    static func main() async {
        await WorkerCommand.main()
    }
}
