# An authority that exists for one server only, and its certificate for the loopback names.
make_certificates() { # make_certificates FOLDER: ca.pem, server.pem, server.key
  local folder=$1
  need_commands openssl=openssl
  mkdir -p "$folder"
  {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj '/CN=private CA of a test' \
      -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign -keyout "$folder/ca.key" -out "$folder/ca.pem" &&
      openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj '/CN=localhost' -keyout "$folder/server.key" -out "$folder/server.csr" &&
      openssl x509 -req -in "$folder/server.csr" -CA "$folder/ca.pem" -CAkey "$folder/ca.key" -CAcreateserial -days 30 -out "$folder/server.pem" \
        -extfile <(printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n')
  } >"$folder/openssl.log" 2>&1 || {
    cat "$folder/openssl.log" >&2
    return 1
  }
}
