import ArgumentParser
import ControllerService

@main
enum Main {
    static func main() async {
        await ControllerCommand.main()
    }
}
