//! A server behind TLS with a certificate of an authority of its own, and a proxy that tunnels to it.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// What came over a connection: the heads of requests, or what a proxy could see.
pub type Seen = Arc<Mutex<Vec<String>>>;

/// A server that is called by one name and gives one answer.
pub struct TlsServer {
    pub port: u16,
    /// The certificate of the authority that signed for it, as a file of it holds it.
    pub authority: String,
    pub seen: Seen,
}

/// A proxy that tunnels every connection to one port of this machine.
pub struct Proxy {
    pub url: String,
    pub seen: Seen,
}

impl TlsServer {
    /// One called `name` that answers every request with `answer`, a whole message of HTTP.
    pub fn start(name: &str, answer: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("no name is a sound name");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        let authority = params.self_signed(&key).expect("a certificate");
        let issuer = Issuer::new(params, key);
        let key = KeyPair::generate().expect("a key");
        let params = CertificateParams::new(vec![name.to_owned()]).expect("a sound name");
        let certificate = params.signed_by(&key, &issuer).expect("a certificate");
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("the usual versions")
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())),
            )
            .expect("the key fits");
        let config = Arc::new(config);
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let seen = Seen::default();
        let (requests, answer) = (seen.clone(), answer.to_owned());
        thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let (config, requests, answer) = (config.clone(), requests.clone(), answer.clone());
                thread::spawn(move || {
                    let Ok(session) = ServerConnection::new(config) else { return };
                    let mut stream = StreamOwned::new(session, connection);
                    let Some(head) = head(&mut stream) else { return };
                    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
                    let mut body = vec![0; length.unwrap_or(0)];
                    let _ = stream.read_exact(&mut body);
                    requests.lock().expect("no thread panics").push(head);
                    let _ = stream.write_all(answer.as_bytes());
                    stream.conn.send_close_notify();
                    let _ = stream.flush();
                });
            }
        });
        Self { port, authority: authority.pem(), seen }
    }
}

impl Proxy {
    /// One that tunnels to `port`, whatever host it is asked for.
    pub fn to(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let seen = Seen::default();
        let asked = seen.clone();
        thread::spawn(move || {
            for mut client in listener.incoming().flatten() {
                let asked = asked.clone();
                thread::spawn(move || {
                    let Some(head) = head(&mut client) else { return };
                    asked.lock().expect("no thread panics").push(head);
                    let Ok(server) = TcpStream::connect(("127.0.0.1", port)) else { return };
                    let _ = client.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
                    let (Ok(mut from), Ok(mut to)) = (client.try_clone(), server.try_clone()) else { return };
                    let up = thread::spawn(move || std::io::copy(&mut from, &mut to));
                    let (mut from, mut to) = (server, client);
                    let _ = std::io::copy(&mut from, &mut to);
                    let _ = to.shutdown(std::net::Shutdown::Both);
                    let _ = up.join();
                });
            }
        });
        Self { url, seen }
    }
}

fn head(stream: &mut impl Read) -> Option<String> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte).ok()? == 0 {
            return None;
        }
        head.push(byte[0]);
    }
    Some(String::from_utf8_lossy(&head).into_owned())
}
