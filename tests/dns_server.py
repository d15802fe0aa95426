"""A real DNS server on loopback: authoritative, over UDP and TCP, with every fault on request.

::

    with DnsServer({"harbor.internal": {"TXT": ['"v=spf1 -all"']}}) as server:
        server.resolver  # 127.0.0.1:40123
        server.asked  # ["harbor.internal TXT", …]
"""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset

Zone = Mapping[str, Mapping[str, Sequence[str]]]

SILENT, SERVFAIL, REFUSED, GARBLED = "silent", "servfail", "refused", "garbled"
_MOST_OVER_UDP = 512


class DnsServer:
    """Answers for `zone`: name → type → records as a zone file writes them.

    A name that is not there does not exist. `faults` names those that answer with SERVFAIL or
    REFUSED, with bytes that are no message, or not at all; `*` stands for every name.
    """

    def __init__(self, zone: Zone, *, faults: Mapping[str, str] | None = None) -> None:
        self.asked: list[str] = []
        self.over_tcp = 0
        self._zone = {name.lower(): records for name, records in zone.items()}
        self._faults = faults or {}
        self._stop = threading.Event()

    def __enter__(self) -> Self:
        self._udp, self._tcp = _one_port()
        self.resolver = f"127.0.0.1:{self._udp.getsockname()[1]}"
        self._threads = [
            threading.Thread(target=self._serve_udp, daemon=True),
            threading.Thread(target=self._serve_tcp, daemon=True),
        ]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=10)
        self._udp.close()
        self._tcp.close()

    def _serve_udp(self) -> None:
        while not self._stop.is_set():
            try:
                raw, sender = self._udp.recvfrom(4096)
            except TimeoutError:
                continue
            reply = self._reply(raw)
            if reply and len(reply) > _MOST_OVER_UDP:
                cut = dns.message.make_response(dns.message.from_wire(raw))
                cut.flags |= dns.flags.TC
                reply = cut.to_wire()
            if reply:
                self._udp.sendto(reply, sender)

    def _serve_tcp(self) -> None:
        while not self._stop.is_set():
            try:
                client, _ = self._tcp.accept()
            except TimeoutError:
                continue
            with client, client.makefile("rwb") as stream:
                self.over_tcp += 1
                (length,) = struct.unpack("!H", stream.read(2))
                reply = self._reply(stream.read(length))
                if reply:
                    stream.write(struct.pack("!H", len(reply)) + reply)

    def _reply(self, raw: bytes) -> bytes:
        query = dns.message.from_wire(raw)
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(question.rdtype)
        self.asked.append(f"{name} {kind}")
        reply = dns.message.make_response(query)
        reply.flags |= dns.flags.AA
        match self._faults.get(name, self._faults.get("*")):
            case "silent":
                return b""
            case "garbled":
                return raw[:2] + b"\x81\x80\xff\xff\xff\xff\xff\xff\xff\xff\xc0\x0c"
            case "servfail":
                reply.set_rcode(dns.rcode.SERVFAIL)
            case "refused":
                reply.set_rcode(dns.rcode.REFUSED)
            case _:
                self._fill(reply, question, name, kind)
        return reply.to_wire(max_size=65535)

    def _fill(
        self, reply: dns.message.Message, question: dns.rrset.RRset, name: str, kind: str
    ) -> None:
        records = self._zone.get(name)
        if records is None:
            reply.set_rcode(dns.rcode.NXDOMAIN)
            return
        found = next((k for k in (kind, "CNAME") if k in records), "")
        if found:
            reply.answer.append(
                dns.rrset.from_rdata_list(
                    question.name,
                    300,
                    [
                        dns.rdata.from_text(dns.rdataclass.IN, dns.rdatatype.from_text(found), text)
                        for text in records[found]
                    ],
                )
            )


def _one_port() -> tuple[socket.socket, socket.socket]:
    """A UDP and a TCP socket on one port of loopback."""
    for _ in range(50):
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.bind(("127.0.0.1", 0))
        tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            tcp.bind(udp.getsockname())
        except OSError:
            udp.close()
            tcp.close()
            continue
        tcp.listen(16)
        for one in (udp, tcp):
            one.settimeout(0.2)
        return udp, tcp
    raise AssertionError("no port is free for both UDP and TCP")
