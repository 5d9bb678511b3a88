import NetworkModel

/// What Debian's Docker engine 20.10.24 has really answered.
enum Captured {
    static let version = versions(newest: "1.41", oldest: "1.12")

    static func versions(newest: String, oldest: String) -> String {
        #"{"Platform":{"Name":""},"Version":"20.10.24+dfsg1","ApiVersion":"\#(newest)","MinAPIVersion":"\#(oldest)","Os":"linux"}"#
    }

    static let n1 = "25720023d0d1c863ec1a7780dffd4b6944dfac9385d01fe3b024add69a6ee965"
    static let n2 = "4fdfa9869431353ac2b48fd44387c4c956cbf957f7408067607db77049bf4553"
    static let c1 = "7a67768d729e1c105bad6172eae6b0166c95ef6cf6ddad46f4a6627ba3862c62"
    static let c2 = "c3ddec057420eedd53fcf8b90bf7280de3fd2d51e0218f21141382fd2e4fe123"
    static let e1 = "b2a019b0cb246c72e73c0d6011fbc84a85b7b1d7b90dfe9e7cd151644f03221c"
    static let e2 = "fda225181c72ba3cf8f8e4d86181f416864734cda9328aab6239b87a5315ac61"

    /// `GET /networks` after `docker network create --subnet 10.201.0.0/24 --gateway 10.201.0.1 --aux-address a=10.201.0.9
    /// --ip-range 10.201.0.128/25 -o foo=bar --label l=1 n1`.
    static let networks = #"""
        [{"Name":"bridge","Id":"cb02178ae78aecf45775f3fe947e7838d1c92f3c730d4c8e8abb7a72e187f45b","Created":"2026-11-24T23:53:41.374439349Z","Scope":"local","Driver":"bridge","EnableIPv6":false,"IPAM":{"Driver":"default","Options":null,"Config":[{"Subnet":"172.17.0.0/16"}]},"Internal":false,"Attachable":false,"Ingress":false,"ConfigFrom":{"Network":""},"ConfigOnly":false,"Containers":{},"Options":{"com.docker.network.bridge.name":"docker0"},"Labels":{}},
        \#(network)]
        """#

    static let network = #"""
        {"Name":"n1","Id":"25720023d0d1c863ec1a7780dffd4b6944dfac9385d01fe3b024add69a6ee965","Created":"2026-11-24T23:53:52.841067934Z","Scope":"local","Driver":"bridge","EnableIPv6":false,"IPAM":{"Driver":"default","Options":{},"Config":[{"Subnet":"10.201.0.0/24","IPRange":"10.201.0.128/25","Gateway":"10.201.0.1","AuxiliaryAddresses":{"a":"10.201.0.9"}}]},"Internal":false,"Attachable":false,"Ingress":false,"ConfigFrom":{"Network":""},"ConfigOnly":false,"Containers":{},"Options":{"foo":"bar"},"Labels":{"l":"1"}}
        """#

    /// After `docker network connect --link c2:yy --link c2 --alias aa --alias 'bad name' n2 c1` and `docker rename c1 anew`.
    static let container = #"""
        {"Id":"7a67768d729e1c105bad6172eae6b0166c95ef6cf6ddad46f4a6627ba3862c62","Created":"2026-11-24T23:54:31.147855315Z","Path":"sleep","Args":["1000"],"State":{"Status":"running","Running":true,"Paused":false,"Restarting":false,"OOMKilled":false,"Dead":false,"Pid":25155,"ExitCode":0,"Error":"","StartedAt":"2026-11-24T23:54:31.514843342Z","FinishedAt":"0001-01-01T00:00:00Z"},"Name":"/anew","HostConfig":{"Binds":null,"NetworkMode":"n1","Links":null},"Config":{"Hostname":"7a67768d729e","Domainname":"","Labels":{"q":"1"}},"NetworkSettings":{"Bridge":"","SandboxID":"f2","Networks":{"n1":{"IPAMConfig":null,"Links":null,"Aliases":["al","7a67768d729e"],"NetworkID":"25720023d0d1c863ec1a7780dffd4b6944dfac9385d01fe3b024add69a6ee965","EndpointID":"b2a019b0cb246c72e73c0d6011fbc84a85b7b1d7b90dfe9e7cd151644f03221c","Gateway":"10.201.0.1","IPAddress":"10.201.0.128","IPPrefixLen":24,"MacAddress":"02:42:0a:c9:00:80","DriverOpts":null},"n2":{"IPAMConfig":{},"Links":["c2:yy","c2"],"Aliases":["aa","bad name","7a67768d729e"],"NetworkID":"4fdfa9869431353ac2b48fd44387c4c956cbf957f7408067607db77049bf4553","EndpointID":"fda225181c72ba3cf8f8e4d86181f416864734cda9328aab6239b87a5315ac61","Gateway":"172.19.0.1","IPAddress":"172.19.0.3","IPPrefixLen":16,"MacAddress":"02:42:ac:13:00:03","DriverOpts":{}}}}}
        """#

    /// What `docker network create`, `run`, `rename`, `restart`, `rm` and `network rm` are told by, with the line feeds that the engine sends.
    static let events = #"""
        {"Type":"network","Action":"create","Actor":{"ID":"4fdfa9869431353ac2b48fd44387c4c956cbf957f7408067607db77049bf4553","Attributes":{"name":"n2","type":"bridge"}},"scope":"local","time":1795564471,"timeNano":1795564471125416515}
        {"status":"create","id":"7a67768d729e1c105bad6172eae6b0166c95ef6cf6ddad46f4a6627ba3862c62","from":"busybox","Type":"container","Action":"create","Actor":{"ID":"7a67768d729e1c105bad6172eae6b0166c95ef6cf6ddad46f4a6627ba3862c62","Attributes":{"image":"busybox","name":"c1"}},"scope":"local","time":1795564471,"timeNano":1795564471161968007}
        {"Type":"network","Action":"connect","Actor":{"ID":"25720023d0d1c863ec1a7780dffd4b6944dfac9385d01fe3b024add69a6ee965","Attributes":{"container":"7a67768d729e1c105bad6172eae6b0166c95ef6cf6ddad46f4a6627ba3862c62","name":"n1","type":"bridge"}},"scope":"local","time":1795564471,"timeNano":1795564471201802507}
        {"status":"start","id":"7a67768d729e1c105bad6172eae6b0166c95ef6cf6ddad46f4a6627ba3862c62","from":"busybox","Type":"container","Action":"start","Actor":{"ID":"7a67768d729e1c105bad6172eae6b0166c95ef6cf6ddad46f4a6627ba3862c62","Attributes":{"image":"busybox","name":"c1"}},"scope":"local","time":1795564471,"timeNano":1795564471523426342}
        {"status":"rename","id":"7a67768d729e1c105bad6172eae6b0166c95ef6cf6ddad46f4a6627ba3862c62","from":"busybox","Type":"container","Action":"rename","Actor":{"ID":"7a67768d729e1c105bad6172eae6b0166c95ef6cf6ddad46f4a6627ba3862c62","Attributes":{"image":"busybox","name":"anew","oldName":"/c1"}},"scope":"local","time":1795564471,"timeNano":1795564471980567118}
        {"status":"kill","id":"7a67768d729e1c105bad6172eae6b0166c95ef6cf6ddad46f4a6627ba3862c62","from":"busybox","Type":"container","Action":"kill","Actor":{"ID":"7a67768d729e1c105bad6172eae6b0166c95ef6cf6ddad46f4a6627ba3862c62","Attributes":{"image":"busybox","name":"anew","signal":"9"}},"scope":"local","time":1795564472,"timeNano":1795564472459327278}
        {"status":"die","id":"7a67768d729e1c105bad6172eae6b0166c95ef6cf6ddad46f4a6627ba3862c62","from":"busybox","Type":"container","Action":"die","Actor":{"ID":"7a67768d729e1c105bad6172eae6b0166c95ef6cf6ddad46f4a6627ba3862c62","Attributes":{"exitCode":"137","image":"busybox","name":"anew"}},"scope":"local","time":1795564472,"timeNano":1795564472487438151}
        {"Type":"network","Action":"disconnect","Actor":{"ID":"25720023d0d1c863ec1a7780dffd4b6944dfac9385d01fe3b024add69a6ee965","Attributes":{"container":"7a67768d729e1c105bad6172eae6b0166c95ef6cf6ddad46f4a6627ba3862c62","name":"n1","type":"bridge"}},"scope":"local","time":1795564472,"timeNano":1795564472620841998}
        {"status":"destroy","id":"7a67768d729e1c105bad6172eae6b0166c95ef6cf6ddad46f4a6627ba3862c62","from":"busybox","Type":"container","Action":"destroy","Actor":{"ID":"7a67768d729e1c105bad6172eae6b0166c95ef6cf6ddad46f4a6627ba3862c62","Attributes":{"image":"busybox","name":"anew"}},"scope":"local","time":1795564473,"timeNano":1795564473409137084}
        {"Type":"network","Action":"destroy","Actor":{"ID":"4fdfa9869431353ac2b48fd44387c4c956cbf957f7408067607db77049bf4553","Attributes":{"name":"n2","type":"bridge"}},"scope":"local","time":1795564473,"timeNano":1795564473699471116}

        """#
}
