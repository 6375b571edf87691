import { RTMP_MODULE } from "./ensure-nginx";

export type NginxPlace = { directory: string; rtmpPort: number; httpPort: number; asRoot: boolean };

/** nginx with nginx-rtmp-module as its guides set it up: one worker, fragments of 600 ms (cut at key frames), a playlist of 5 s. */
export function nginxConfig({ directory, rtmpPort, httpPort, asRoot }: NginxPlace): string {
  return `
${asRoot ? "user root;" : ""}
load_module ${RTMP_MODULE};
daemon off;
worker_processes 1;
pid ${directory}/nginx.pid;
error_log ${directory}/error.log warn;
events { worker_connections 4096; }
rtmp {
  server {
    listen 127.0.0.1:${rtmpPort};
    application live {
      live on;
      hls on;
      hls_path ${directory}/www/hls;
      hls_fragment 600ms;
      hls_playlist_length 5s;
    }
  }
}
http {
  access_log off;
  client_body_temp_path ${directory}/body;
  proxy_temp_path ${directory}/proxy;
  fastcgi_temp_path ${directory}/fastcgi;
  uwsgi_temp_path ${directory}/uwsgi;
  scgi_temp_path ${directory}/scgi;
  server {
    listen 127.0.0.1:${httpPort};
    root ${directory}/www;
    types { text/html html; text/javascript js; application/vnd.apple.mpegurl m3u8; video/mp2t ts; }
    location /hls/ {
      add_header Cache-Control no-cache;
      add_header Access-Control-Allow-Origin *;
    }
  }
}
`;
}
